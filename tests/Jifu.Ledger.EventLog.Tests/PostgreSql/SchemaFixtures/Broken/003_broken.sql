CREATE TABLE public.half (id int);
CREATE TABLE public.half (id int);
