// Package greeting makes greetings.
package greeting

import "strings"

// For greets a name, or the world when there is none.
func For(name string) string {
	if name = strings.TrimSpace(name); name == "" {
		name = "world"
	}
	return "hello, " + name
}
