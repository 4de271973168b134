package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/exec"
)

func check(path string) error {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var probe struct {
		Program   string   `json:"program"`
		Arguments []string `json:"arguments"`
	}
	if err := json.Unmarshal(bytes, &probe); err != nil {
		return err
	}
	return exec.Command(probe.Program, probe.Arguments...).Run()
}

func main() {
	log.SetFlags(0)
	if len(os.Args) == 3 && os.Args[1] == "check" {
		if err := check(os.Args[2]); err != nil {
			log.Fatal(err)
		}
		return
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "afloat") })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
