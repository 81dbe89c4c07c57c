@NullMarked
package dev.realtime.spring.pipe;

import org.jspecify.annotations.NullMarked;
