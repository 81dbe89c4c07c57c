package dev.realtime.restriction;

class MemoryRestrictionStoreTests extends RestrictionStoreContract {

	private final MemoryRestrictionStore store = new MemoryRestrictionStore(MOST);

	@Override
	protected RestrictionStore store() {
		return this.store;
	}

}
