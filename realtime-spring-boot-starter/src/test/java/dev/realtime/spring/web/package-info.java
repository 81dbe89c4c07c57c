/** Tests of this package. */
@NullMarked
package dev.realtime.spring.web;

import org.jspecify.annotations.NullMarked;
