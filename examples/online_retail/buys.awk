# Says for each customer with an order from SINCE on and before CUT whether one follows from CUT on and before UNTIL, in order of the
# customers' numbers as text: customer, the last second before CUT, 1 or 0. Reads what orders.awk writes.
# Usage: awk -v since=2010-12-01 -v cut=2011-07-09 -v eve=2011-07-08T23:59:59Z -v until=2011-09-09 -f buys.awk
BEGIN { FS = ","; print "customer_id,seen_at,buys"; fflush() }
NR > 1 && $2 >= since && $2 < cut { known[$1] = 1 }
NR > 1 && $2 >= cut && $2 < until { buys[$1] = 1 }
END { for (c in known) printf "%s,%s,%d\n", c, eve, (c in buys) | "LC_ALL=C sort" }
