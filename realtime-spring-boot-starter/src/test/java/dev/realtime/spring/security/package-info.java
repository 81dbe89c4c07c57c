/** Tests of this package. */
@NullMarked
package dev.realtime.spring.security;

import org.jspecify.annotations.NullMarked;
