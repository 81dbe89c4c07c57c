package dev.realtime.spring.guide;

import dev.realtime.spring.occupancy.TopicOccupiedEvent;
import dev.realtime.spring.occupancy.TopicVacatedEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
public class PriceFeeds {

	private final PriceSource source;

	public PriceFeeds(PriceSource source) {
		this.source = source;
	}

	@EventListener
	public void occupied(TopicOccupiedEvent event) {
		this.source.open(event.topic().name());
	}

	@EventListener
	public void vacated(TopicVacatedEvent event) {
		this.source.close(event.topic().name());
	}

}
