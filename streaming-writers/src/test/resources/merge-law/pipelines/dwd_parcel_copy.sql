-- The changelog of parcels into a table that keeps the last row it was told.
INSERT INTO dwd_parcel_copy
SELECT * FROM dwd_parcel;
