package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log"
	"net/http"
	"os"
)

func subjectOf(path string) (string, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(bytes)
	if block == nil {
		return "", fmt.Errorf("%s holds no certificate", path)
	}
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", err
	}
	return root.Subject.CommonName, nil
}

func main() {
	bytes, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var trust struct {
		Roots []string `json:"roots"`
	}
	if err := json.Unmarshal(bytes, &trust); err != nil {
		log.Fatal(err)
	}
	names := make([]string, len(trust.Roots))
	for i, path := range trust.Roots {
		if names[i], err = subjectOf(path); err != nil {
			log.Fatal(err)
		}
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range names {
			fmt.Fprintln(w, name)
		}
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
