/** Tests of this package. */
@NullMarked
package dev.realtime.spring.publisher;

import org.jspecify.annotations.NullMarked;
