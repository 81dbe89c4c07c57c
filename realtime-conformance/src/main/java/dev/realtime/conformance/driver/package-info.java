/**
 * The process that drives the client under test, and the JSON lines that are exchanged
 * with it. Imports nothing of the project.
 */
@NullMarked
package dev.realtime.conformance.driver;

import org.jspecify.annotations.NullMarked;
