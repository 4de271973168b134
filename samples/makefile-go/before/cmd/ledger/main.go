package main

import (
	"fmt"

	"example.com/ledger/internal/sums"
)

var version = "unknown"

func main() {
	fmt.Printf("ledger %s: %d\n", version, sums.Of(12, 30, -2))
}
