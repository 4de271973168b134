package greeting

import "testing"

func TestForGreetsTheWorldWithoutAName(t *testing.T) {
	if got := For("  "); got != "hello, world" {
		t.Fatalf("got %q", got)
	}
}
