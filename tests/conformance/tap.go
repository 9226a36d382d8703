// SPDX-License-Identifier: GPL-2.0-or-later

// Package tap writes the Test Anything Protocol. runtime-tools is written for tap-go, which
// Debian does not have; this takes its place.
package tap

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// T is one stream of test points.
type T struct {
	Writer io.Writer
	points *int
	isTodo bool
}

// New returns a stream on the standard output.
func New() *T {
	return &T{Writer: os.Stdout, points: new(int)}
}

// Header starts the stream. A plan of 0 is left to AutoPlan.
func (t *T) Header(plan int) {
	fmt.Fprintln(t.Writer, "TAP version 13")
	if plan > 0 {
		fmt.Fprintf(t.Writer, "1..%d\n", plan)
	}
}

// AutoPlan ends the stream by a plan of as many points as there were.
func (t *T) AutoPlan() {
	fmt.Fprintf(t.Writer, "1..%d\n", *t.points)
}

// Todo returns the same stream, whose points may fail.
func (t *T) Todo() *T {
	return &T{Writer: t.Writer, points: t.points, isTodo: true}
}

func (t *T) point(result, directive, description string) {
	*t.points++
	if t.isTodo {
		directive = "# TODO "
	}
	// A newline would end the point, a # would begin a directive.
	description = strings.NewReplacer("\n", " ", "#", "\\#").Replace(description)
	fmt.Fprintf(t.Writer, "%s %d - %s%s\n", result, *t.points, directive, description)
}

// Ok is a point that is met when IS_MET is true.
func (t *T) Ok(isMet bool, description string) {
	if isMet {
		t.Pass(description)
	} else {
		t.Fail(description)
	}
}

// Pass is a point that is met.
func (t *T) Pass(description string) {
	t.point("ok", "", description)
}

// Fail is a point that is not met.
func (t *T) Fail(description string) {
	t.point("not ok", "", description)
}

// Skip is COUNT points that were not tried.
func (t *T) Skip(count int, description string) {
	for ; count > 0; count-- {
		t.point("ok", "# SKIP ", description)
	}
}

// Diagnostic is a remark, each of its lines marked as one.
func (t *T) Diagnostic(text string) {
	text = strings.TrimRight(text, "\n")
	fmt.Fprintf(t.Writer, "# %s\n", strings.ReplaceAll(text, "\n", "\n# "))
}

// Diagnosticf is a remark as by Printf.
func (t *T) Diagnosticf(format string, values ...interface{}) {
	t.Diagnostic(fmt.Sprintf(format, values...))
}

// YAML is what belongs to the point before. JSON is YAML.
func (t *T) YAML(value interface{}) error {
	text, err := json.MarshalIndent(value, "  ", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Writer, "  ---\n  %s\n  ...\n", text)
	return err
}
