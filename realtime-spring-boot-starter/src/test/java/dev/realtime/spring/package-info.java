/** Tests of this package. */
@NullMarked
package dev.realtime.spring;

import org.jspecify.annotations.NullMarked;
