@NullMarked
package dev.realtime.spring.inspect;

import org.jspecify.annotations.NullMarked;
