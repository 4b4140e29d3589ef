"""Many processes, one picture: workers poll and draw, web processes relay, Redis in between.

keeper (in a worker)   tells faces and saved feeds   ->  Redis  ->   relay (in a web process)
                       draws what is wanted          <-  Redis  <-   says what is wanted
"""
