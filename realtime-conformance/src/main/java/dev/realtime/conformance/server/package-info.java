/**
 * The node that clients are checked against, and what the cases make it do. Imports the
 * starter and the test kit.
 */
@NullMarked
package dev.realtime.conformance.server;

import org.jspecify.annotations.NullMarked;
