/** The conformance kit: checks a client in any language against a node. */
@NullMarked
package dev.realtime.conformance;

import org.jspecify.annotations.NullMarked;
