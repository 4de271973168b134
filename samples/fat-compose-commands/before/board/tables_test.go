package board

import "testing"

func TestList(t *testing.T) {
	if got := List(); got != "notes, authors\n" {
		t.Errorf("got %q", got)
	}
}
