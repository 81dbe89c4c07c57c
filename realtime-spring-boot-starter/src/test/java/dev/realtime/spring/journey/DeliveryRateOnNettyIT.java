package dev.realtime.spring.journey;

class DeliveryRateOnNettyIT extends DeliveryRateContract {

	DeliveryRateOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
