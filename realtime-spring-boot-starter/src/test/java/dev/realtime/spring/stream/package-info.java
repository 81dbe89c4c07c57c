/** Tests of this package. */
@NullMarked
package dev.realtime.spring.stream;

import org.jspecify.annotations.NullMarked;
