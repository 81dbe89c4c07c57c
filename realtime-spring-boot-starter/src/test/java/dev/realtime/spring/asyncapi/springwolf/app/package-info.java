/** What Springwolf's STOMP plugin finds, too, and payloads that cannot be described. */
@NullMarked
package dev.realtime.spring.asyncapi.springwolf.app;

import org.jspecify.annotations.NullMarked;
