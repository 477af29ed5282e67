"""（十）推送信息: the weekly ledgers."""
