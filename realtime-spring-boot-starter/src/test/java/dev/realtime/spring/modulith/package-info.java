/** Tests of Spring Modulith's target. */
@NullMarked
package dev.realtime.spring.modulith;

import org.jspecify.annotations.NullMarked;
