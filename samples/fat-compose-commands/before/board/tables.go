// Package board knows the tables of a notice board.
package board

import "strings"

// Tables are made in this order.
var Tables = []string{"notes", "authors"}

// List names the tables on one line.
func List() string { return strings.Join(Tables, ", ") + "\n" }
