@NullMarked
package dev.realtime.conformance.wire;

import org.jspecify.annotations.NullMarked;
