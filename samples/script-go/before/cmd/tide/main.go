package main

import (
	"fmt"
	"log"
	"net/http"
)

var version = "unknown"

func main() {
	http.HandleFunc("/version", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, version) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
