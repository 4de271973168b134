package main

import (
	"fmt"
	"os"
	"strings"

	"example.com/board/board"
)

// Fills the statement of migrations/table.sql in for each table.
func main() {
	statement, err := os.ReadFile("migrations/table.sql")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, table := range board.Tables {
		fmt.Print(strings.ReplaceAll(string(statement), "NAME", table))
	}
}
