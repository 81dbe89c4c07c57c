/**
 * Runs functions that read bytes of strangers with inputs that nobody wrote. Imports
 * nothing of the project.
 */
@NullMarked
package dev.realtime.testing.fuzz;

import org.jspecify.annotations.NullMarked;
