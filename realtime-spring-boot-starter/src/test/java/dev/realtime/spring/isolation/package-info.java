@NullMarked
package dev.realtime.spring.isolation;

import org.jspecify.annotations.NullMarked;
