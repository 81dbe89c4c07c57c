/**
 * Runs functions that read untrusted bytes with generated inputs. Imports nothing of the
 * project.
 */
@NullMarked
package dev.realtime.testing.fuzz;

import org.jspecify.annotations.NullMarked;
