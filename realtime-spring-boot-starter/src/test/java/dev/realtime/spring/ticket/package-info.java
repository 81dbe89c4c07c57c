@NullMarked
package dev.realtime.spring.ticket;

import org.jspecify.annotations.NullMarked;
