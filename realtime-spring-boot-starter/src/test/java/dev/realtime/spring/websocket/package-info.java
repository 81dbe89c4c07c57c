@NullMarked
package dev.realtime.spring.websocket;

import org.jspecify.annotations.NullMarked;
