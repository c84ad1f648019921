-- What a bill says was ordered, where the channel settles less because of the merchant's own coupons; otherwise null.
ALTER TABLE views.difference_life ADD COLUMN ordered_minor bigint;
