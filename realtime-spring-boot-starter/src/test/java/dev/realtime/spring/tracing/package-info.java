@NullMarked
package dev.realtime.spring.tracing;

import org.jspecify.annotations.NullMarked;
