// Package sums adds up entries of a ledger.
package sums

// Of gives the sum of all amounts.
func Of(amounts ...int) int {
	total := 0
	for _, amount := range amounts {
		total += amount
	}
	return total
}
