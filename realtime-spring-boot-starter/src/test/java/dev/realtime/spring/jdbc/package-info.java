/** Tests of this package. */
@NullMarked
package dev.realtime.spring.jdbc;

import org.jspecify.annotations.NullMarked;
