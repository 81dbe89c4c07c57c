@NullMarked
package dev.realtime.conformance;

import org.jspecify.annotations.NullMarked;
