package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/user"
)

func main() {
	log.SetFlags(0)
	bytes, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var roles struct {
		Owner string `json:"owner"`
	}
	if err := json.Unmarshal(bytes, &roles); err != nil {
		log.Fatal(err)
	}
	owner, err := user.Lookup(roles.Owner)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("files go to %s (%s)\n", owner.Username, owner.Uid)
}
