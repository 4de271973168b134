package main

import (
	"encoding/json"
	"html/template"
	"log"
	"net/http"
	"os"
	"path/filepath"
)

type settings struct {
	Address string `json:"address"`
	Pages   string `json:"pages"`
}

func main() {
	bytes, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var found settings
	if err := json.Unmarshal(bytes, &found); err != nil {
		log.Fatal(err)
	}
	pages, err := template.ParseGlob(filepath.Join(found.Pages, "*.html"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		note := map[string]string{"Title": "Harbour", "Text": "Low water at six."}
		if err := pages.ExecuteTemplate(w, "board", note); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe(found.Address, nil))
}
