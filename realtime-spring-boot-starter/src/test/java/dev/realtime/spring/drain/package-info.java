@NullMarked
package dev.realtime.spring.drain;

import org.jspecify.annotations.NullMarked;
