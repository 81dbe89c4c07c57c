package dev.realtime.spring;

import dev.realtime.Signal;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.signals}: what is told and not kept.
 *
 * @param maxPayload largest payload of a signal
 */
public record SignalProperties(@DefaultValue("4KB") DataSize maxPayload) {

	public SignalProperties {
		PropertyBounds.check(maxPayload.toBytes() >= 0 && maxPayload.toBytes() <= Signal.MAX_PAYLOAD_LENGTH,
				"realtime.signals.max-payload", maxPayload, "must be 0 to 64KB");
	}

}
