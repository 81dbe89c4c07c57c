@NullMarked
package dev.realtime.spring.upgrade;

import org.jspecify.annotations.NullMarked;
