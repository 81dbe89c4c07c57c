/** Fakes for the starter's tests. */
@NullMarked
package dev.realtime.spring.testing;

import org.jspecify.annotations.NullMarked;
