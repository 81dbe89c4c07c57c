@NullMarked
package dev.realtime.spring.sessions;

import org.jspecify.annotations.NullMarked;
