/**
 * The TCP proxy between the client under test and the node: it observes the client's
 * frames, and changes, holds or withholds those of the node. Imports nothing of the
 * project.
 */
@NullMarked
package dev.realtime.conformance.wire;

import org.jspecify.annotations.NullMarked;
