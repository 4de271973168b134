package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	bytes, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var found struct {
		Shelves []string `json:"shelves"`
	}
	if err := json.Unmarshal(bytes, &found); err != nil {
		log.Fatal(err)
	}
	for _, shelf := range found.Shelves {
		items, _ := os.ReadDir(shelf)
		fmt.Println(shelf, len(items))
	}
}
