// Tides shows when the water is high.
package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/next", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(next(r.URL.Query().Get("after"))))
	})
	http.Handle("/", http.FileServer(http.Dir("pages")))
	log.Fatal(http.ListenAndServe(":"+os.Getenv("TIDES_PORT"), nil))
}
