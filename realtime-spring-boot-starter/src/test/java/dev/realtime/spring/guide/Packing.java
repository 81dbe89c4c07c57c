package dev.realtime.spring.guide;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
public class Packing {

	private final ApplicationEventPublisher events;

	public Packing(ApplicationEventPublisher events) {
		this.events = events;
	}

	@Transactional
	public void pack(String orderId, int items) {
		// here it changes the order in the database
		this.events.publishEvent(new OrderPacked(orderId, items));
	}

}
