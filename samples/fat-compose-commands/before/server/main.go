package main

import (
	"io"
	"log"
	"net/http"

	"example.com/board/board"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, board.List()) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
