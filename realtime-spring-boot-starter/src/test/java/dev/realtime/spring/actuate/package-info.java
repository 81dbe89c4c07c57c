/** Tests of what operators see. */
@NullMarked
package dev.realtime.spring.actuate;

import org.jspecify.annotations.NullMarked;
